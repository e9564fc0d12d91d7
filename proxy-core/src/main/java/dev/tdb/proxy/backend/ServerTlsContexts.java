package dev.tdb.proxy.backend;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.tdb.proxy.route.ServerAddress;
import dev.tdb.proxy.route.ServerTls;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SSLException;

/** TLS towards servers: one context for each distinct {@link ServerTls}, made at first use. From any thread. */
public final class ServerTlsContexts {
    private final List<String> applicationProtocols;
    private final LoadingCache<ServerTls, SslContext> contexts =
            Caffeine.newBuilder().maximumSize(1_000).build(ServerTlsContexts::context);

    /** @param applicationProtocols kept for protocols that name themselves by ALPN */
    public ServerTlsContexts(List<String> applicationProtocols) {
        this.applicationProtocols = List.copyOf(applicationProtocols);
    }

    /** A handler for one connection. The host name is verified in {@link ServerTls.Mode#VERIFY_FULL} only. */
    SslHandler handler(ServerTls tls, ServerAddress address, ByteBufAllocator allocator) {
        SslHandler handler = contexts.get(tls).newHandler(allocator, address.host(), address.port());
        var parameters = handler.engine().getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm(tls.mode() == ServerTls.Mode.VERIFY_FULL ? "HTTPS" : "");
        if (!applicationProtocols.isEmpty()) {
            parameters.setApplicationProtocols(applicationProtocols.toArray(String[]::new));
        }
        handler.engine().setSSLParameters(parameters);
        return handler;
    }

    private static SslContext context(ServerTls tls) {
        SslContextBuilder builder = SslContextBuilder.forClient().endpointIdentificationAlgorithm("");
        switch (tls.mode()) {
            case DISABLE -> throw new IllegalStateException("TLS is disabled for this server");
            case PREFER, REQUIRE -> builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
            case VERIFY_CA, VERIFY_FULL -> {
                if (!tls.caPem().isEmpty()) {
                    builder.trustManager(new ByteArrayInputStream(tls.caPem().getBytes(StandardCharsets.US_ASCII)));
                }
            }
        }
        try {
            return builder.protocols("TLSv1.3", "TLSv1.2").build();
        } catch (SSLException e) {
            throw new IllegalStateException("cannot set up TLS towards servers: " + e.getMessage(), e);
        }
    }
}
