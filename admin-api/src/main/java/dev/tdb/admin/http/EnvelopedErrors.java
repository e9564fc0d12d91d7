package dev.tdb.admin.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** The envelope for what never reaches an endpoint: a request line, a header or a path that the server cannot take. */
final class EnvelopedErrors extends ErrorHandler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = response.getStatus() >= 400 ? response.getStatus() : 500;
        // What is not in the table is the client's fault too: 414, 417, 431, 505.
        Code code = Code.ofStatus(status).orElse(Code.BAD_REQUEST);
        response.setStatus(code.status());
        // The words are ours and fixed, so nothing here needs escaping.
        String body = "{\"success\":false,\"http_status\":" + code.status() + ",\"code\":\"" + code.word()
                + "\",\"error\":\""
                + (code == Code.BAD_REQUEST ? "the request line, a header or the path cannot be read" : code.meaning())
                + "\"}";
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json; charset=utf-8");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        // The server closes after most of these; a client that is not told would send its next request into the void.
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
        ByteBuffer bytes = ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8));
        afterSkipping(request, Bodies.SKIPPED_BYTES_MAX, () -> response.write(true, bytes, callback));
        return true;
    }

    /** Closed with a part of the request unread, the connection would be reset, and the reply lost with it. */
    private static void afterSkipping(Request request, long bytesMax, Runnable reply) {
        long left = bytesMax;
        while (left > 0) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                long more = left;
                request.demand(() -> afterSkipping(request, more, reply));
                return;
            }
            left = chunk.isLast() || Content.Chunk.isFailure(chunk) ? 0 : left - chunk.remaining();
            chunk.release();
        }
        reply.run();
    }
}
