package dev.tdb.control.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.route.DatabaseName;
import dev.tdb.proxy.route.Engine;
import java.net.URI;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ConnectionStringsTest {
    private static final DatabaseName NAME = new DatabaseName("fintech", "acme");

    private static String string(Engine engine, String host, boolean tls) {
        Map<Engine, PublicEndpoint> endpoints = Arrays.stream(Engine.values())
                .collect(Collectors.toMap(each -> each, each -> new PublicEndpoint(host, each.defaultPort(), tls)));
        return new ConnectionStrings(endpoints).of(engine, new ProjectId("tdb_2abf90d3"), NAME, "tdb_d2bf");
    }

    @Test
    void theyAreAsTheContractHasThem() {
        assertThat(string(Engine.POSTGRES, "db.example.com", true))
                .isEqualTo("postgresql://tdb_2abf90d3:tdb_d2bf@db.example.com:5432/fintech__acme?sslmode=require");
        assertThat(string(Engine.MYSQL, "db.example.com", true))
                .isEqualTo("mysql://tdb_2abf90d3:tdb_d2bf@db.example.com:3306/fintech__acme");
        assertThat(string(Engine.MONGODB, "db.example.com", true))
                .isEqualTo("mongodb://tdb_2abf90d3:tdb_d2bf@db.example.com:27017/fintech__acme"
                        + "?authMechanism=PLAIN&directConnection=true&tls=true");
        assertThat(string(Engine.MONGODB, "db.example.com", false))
                .isEqualTo("mongodb://tdb_2abf90d3:tdb_d2bf@db.example.com:27017/fintech__acme"
                        + "?authMechanism=SCRAM-SHA-256&directConnection=true");
        assertThat(string(Engine.REDIS, "db.example.com", true))
                .isEqualTo("rediss://acme:tdb_d2bf@db.example.com:6379/0");
    }

    @Test
    void anAddressOfIpv6StandsInBrackets() {
        for (Engine engine : Engine.values()) {
            URI uri = URI.create(string(engine, "2001:db8::7", true));

            assertThat(uri.getHost()).as(engine.title()).isEqualTo("[2001:db8::7]");
            assertThat(uri.getPort()).isEqualTo(engine.defaultPort());
        }
    }
}
