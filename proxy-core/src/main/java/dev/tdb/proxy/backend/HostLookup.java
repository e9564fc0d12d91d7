package dev.tdb.proxy.backend;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Finds the addresses of servers' names, on threads of its own: a name server may take its time, and whoever hashes
 * passwords does not wait for it. A name is asked for once at a time, so that one without an answer costs one thread. From
 * any thread.
 */
public final class HostLookup implements AutoCloseable {
    private static final int THREADS_MAX = 64;

    /** Asks for one name, and blocks. */
    public interface Resolver {
        InetAddress resolve(String host) throws UnknownHostException;
    }

    private final Resolver resolver;
    private final ThreadPoolExecutor threads;
    private final Map<String, CompletableFuture<InetAddress>> underWay = new ConcurrentHashMap<>();

    public HostLookup(Resolver resolver, ThreadFactory factory) {
        this.resolver = resolver;
        this.threads = new ThreadPoolExecutor(
                THREADS_MAX, THREADS_MAX, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
        threads.allowCoreThreadTimeOut(true);
    }

    /** Fails as the resolver does; there is no deadline but the caller's. */
    CompletableFuture<InetAddress> find(String host) {
        CompletableFuture<InetAddress> own = new CompletableFuture<>();
        CompletableFuture<InetAddress> others = underWay.putIfAbsent(host, own);
        if (others != null) {
            return others.copy();
        }
        try {
            threads.execute(() -> ask(host, own));
        } catch (RejectedExecutionException closed) {
            underWay.remove(host);
            own.completeExceptionally(closed);
        }
        return own.copy();
    }

    private void ask(String host, CompletableFuture<InetAddress> answer) {
        try {
            InetAddress found = resolver.resolve(host);
            underWay.remove(host);
            answer.complete(found);
        } catch (UnknownHostException | RuntimeException e) {
            underWay.remove(host);
            answer.completeExceptionally(e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
