package dev.tdb.proxy.toy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.LeakPresenceDetector.ResourceScope;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
final class NoLeaksTest {
    private final ResourceScope scope = new ResourceScope("another test");
    private final ByteBuf buffer = made();

    private ByteBuf made() {
        ResourceScope before = BufferCount.enter(scope);
        ByteBuf made = ByteBufAllocator.DEFAULT.buffer(16);
        BufferCount.enter(before);
        return made;
    }

    @Test
    void aBufferThatIsNotReleasedFailsItsTest() {
        assertThatThrownBy(() -> NoLeaks.check(scope, Duration.ZERO))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("another test");

        // Its scope takes no release any more: the buffer is left to the collector.
        assertThat(buffer.refCnt()).isEqualTo(1);
    }

    @Test
    void aBufferThatIsReleasedALittleLaterIsNoLeak() throws InterruptedException {
        Thread releaser = Thread.ofVirtual().start(buffer::release);

        NoLeaks.check(scope, Duration.ofSeconds(10));

        releaser.join();
        assertThat(scope.hasOpenResources()).isFalse();
    }
}
