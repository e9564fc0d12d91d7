package dev.tdb.postgres.message;

/**
 * The family of messages ('p', client to server) that answer an {@link Authentication}. Which of them a message is can
 * be known only by what was asked.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">Message Formats</a>
 */
public sealed interface AuthenticationResponse permits PasswordMessage, SASLInitialResponse, SASLResponse {
    byte TYPE = 'p';
}
