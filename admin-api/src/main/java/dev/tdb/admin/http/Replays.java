package dev.tdb.admin.http;

import dev.tdb.control.ControlException;
import dev.tdb.control.answer.Claim;
import dev.tdb.control.answer.KeptAnswers;
import dev.tdb.control.answer.RequestName;
import dev.tdb.proxy.credential.Secret;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.util.RawValue;

/** What an {@code Idempotency-Key} stands for: the first answer again, letter by letter. */
final class Replays {
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");

    private final KeptAnswers answers;
    private final JsonMapper json;

    /** @param json that writes replies */
    Replays(KeptAnswers answers, JsonMapper json) {
        this.answers = answers;
        this.json = json;
    }

    /**
     * A reply as it is kept.
     *
     * @param fields each as JSON
     */
    private record Written(Code code, Map<String, String> headers, LinkedHashMap<String, String> fields) {}

    /**
     * The first answer again, or what {@code work} answers now. A fault (5xx) is not kept: the request may be sent again.
     *
     * @throws Failure {@code conflict} when the key stands for another body, or its first request has no answer
     */
    Reply once(RequestName name, Secret bodySha256, Supplier<Reply> work) {
        if (!KEY.matcher(name.key()).matches()) {
            throw Failure.badRequest("header 'Idempotency-Key', expected 1 to 255 printable characters without spaces");
        }
        return switch (answers.claim(name, bodySha256)) {
            case Claim.First first -> kept(first, work);
            case Claim.Answered(Secret answer) -> read(answer).withHeader("Idempotency-Replayed", "true");
            case Claim.OtherBody _ ->
                throw Failure.conflict("this Idempotency-Key was used with another body: take a new key");
            case Claim.Running _ ->
                throw Failure.conflict("the first request with this Idempotency-Key is still running");
            case Claim.TooLong _ ->
                throw Failure.conflict("the first request with this Idempotency-Key was answered, and its answer is too"
                        + " long to be given again: look at what became of it");
            case Claim.CutShort _ ->
                throw Failure.conflict("tdb was stopped while it did the first request with this Idempotency-Key: look"
                        + " at what became of it, then take a new key");
        };
    }

    private Reply kept(Claim.First first, Supplier<Reply> work) {
        boolean kept = false;
        try {
            Reply reply = answer(work);
            if (reply.code().status() < 500) {
                Secret written = written(reply);
                kept = true;
                answers.keep(first, written);
            }
            return reply;
        } finally {
            if (!kept) {
                answers.giveBack(first);
            }
        }
    }

    private static Reply answer(Supplier<Reply> work) {
        try {
            return work.get();
        } catch (Failure failure) {
            return Reply.of(failure);
        } catch (ControlException refusal) {
            return Reply.of(refusal);
        }
    }

    private Secret written(Reply reply) {
        LinkedHashMap<String, String> fields = new LinkedHashMap<>();
        reply.fields().forEach((name, value) -> fields.put(name, json.writeValueAsString(value)));
        return Secret.of(json.writeValueAsBytes(new Written(reply.code(), reply.headers(), fields)));
    }

    private Reply read(Secret answer) {
        Written written = json.readValue(answer.bytes(), Written.class);
        Map<String, Object> fields = new LinkedHashMap<>();
        written.fields().forEach((name, value) -> fields.put(name, new RawValue(value)));
        return new Reply(written.code(), fields, written.headers());
    }
}
