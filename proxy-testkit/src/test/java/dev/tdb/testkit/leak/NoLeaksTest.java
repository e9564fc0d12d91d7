package dev.tdb.testkit.leak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.LeakPresenceDetector.ResourceScope;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(NoLeaks.class)
final class NoLeaksTest {
    static Stream<ByteBufAllocator> allocators() {
        return Stream.of(ByteBufAllocator.DEFAULT, PooledByteBufAllocator.DEFAULT);
    }

    @ParameterizedTest
    @MethodSource("allocators")
    void aBufferThatIsNotReleasedFailsTheTest(ByteBufAllocator allocator) {
        ResourceScope scope = new ResourceScope("a leaking test");
        ResourceScope before = LeakScopes.enter(scope);
        ByteBuf leaked = allocator.buffer(16);
        LeakScopes.enter(before);

        assertThatThrownBy(() -> NoLeaks.check(scope, Duration.ZERO))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("leak")
                .hasMessageContaining("a leaking test");
        // The scope is closed by its failure and takes no release any more: the buffer is left to the collector.
        assertThat(leaked.refCnt()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("allocators")
    void aBufferThatIsReleasedOnAnotherThreadALittleLaterIsNoLeak(ByteBufAllocator allocator) throws Exception {
        ResourceScope scope = new ResourceScope("a test that closes slowly");
        ResourceScope before = LeakScopes.enter(scope);
        ByteBuf buffer = allocator.buffer(16);
        LeakScopes.enter(before);
        Thread releaser = Thread.ofVirtual().start(buffer::release);

        NoLeaks.check(scope, Duration.ofSeconds(10));

        assertThat(scope.hasOpenResources()).isFalse();
        releaser.join();
    }
}
