package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/**
 * What callers of a program that is to be killed know of its tenants: of one whose every call was answered, and which had
 * one that changed it at most, the status; of another, nothing.
 */
final class Acknowledged {
    private static final String ABSENT = "absent";
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int OK = 300;

    private final Map<String, String> before;
    private final Map<String, String> changed = new ConcurrentHashMap<>();
    private final Set<String> unclear = ConcurrentHashMap.newKeySet();
    private final AtomicInteger answers = new AtomicInteger();

    Acknowledged(Map<String, String> before) {
        this.before = Map.copyOf(before);
    }

    /** Sends it and notes the answer, if one comes. */
    void send(LifecycleCall call, OperatorApi api, String blueprint) {
        try {
            HttpResponse<String> answer = call.send(api, blueprint);
            if (answer.statusCode() < OK && call.kind() != LifecycleCall.Kind.SHOW) {
                note(call);
            }
            answers.incrementAndGet();
        } catch (IOException _) {
            unclear.add(call.tenant());
        } catch (InterruptedException _) {
            unclear.add(call.tenant());
            Thread.currentThread().interrupt();
        }
    }

    /** Which of two changes was the last is not known to those who asked for them. */
    private void note(LifecycleCall call) {
        if (call.kind().after().isEmpty()
                || changed.put(call.tenant(), call.kind().after().get()) != null) {
            unclear.add(call.tenant());
        }
    }

    /** Until so many calls were answered. */
    void await(int count) {
        Awaitility.await().pollInterval(Duration.ofMillis(1)).atMost(PATIENCE).until(() -> answers.get() >= count);
    }

    void assertStands(Map<String, String> after) {
        Map<String, String> expected = new TreeMap<>(before);
        expected.putAll(changed);
        expected.keySet().removeAll(unclear);
        expected.forEach((tenant, status) ->
                assertThat(after.getOrDefault(tenant, ABSENT)).as(tenant).isEqualTo(status));
    }
}
