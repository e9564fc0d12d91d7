package dev.tdb.control.answer;

import dev.tdb.proxy.credential.Secret;

/** What is known of a request when it comes. */
public sealed interface Claim {
    /** It is the first: whoever claimed it answers it, and then keeps the answer or gives the claim back. */
    record First(String id, String caller, String request) implements Claim {}

    /** This was the answer. */
    record Answered(Secret answer) implements Claim {}

    /** The name stands for a request with another body. */
    record OtherBody() implements Claim {}

    /** The first one has no answer yet. */
    record Running() implements Claim {}

    /** It was answered, with more than is kept. */
    record TooLong() implements Claim {}

    /** Its process died before an answer was kept: it may have been done, or not. */
    record CutShort() implements Claim {}
}
