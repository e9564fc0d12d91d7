package dev.tdb.app;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which module may see which, and what no package may do, as HOUSE_STYLE section 1 has it. */
class LayersTest {
    private static final String CORE = "dev.tdb.proxy..";
    private static final String[] PROTOCOLS = {
        "dev.tdb.postgres..", "dev.tdb.mysql..", "dev.tdb.mongo..", "dev.tdb.redis.."
    };
    private static final String CONTROL = "dev.tdb.control..";
    private static final String ADMIN = "dev.tdb.admin..";
    private static final String LOCAL = "dev.tdb.local..";
    private static final String APP = "dev.tdb.app..";
    private static final String TESTKIT = "dev.tdb.testkit..";
    private static final Set<String> NAMES_THAT_SAY_NOTHING =
            Set.of("util", "utils", "common", "impl", "manager", "managers", "helper", "helpers", "misc");

    private static JavaClasses ours;

    @BeforeAll
    static void read() {
        ours = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.tdb");
    }

    @Test
    void theClassesOfEveryModuleAreRead() {
        assertThat(ours.containPackage("dev.tdb.proxy")).isTrue();
        assertThat(ours.containPackage("dev.tdb.postgres")).isTrue();
        assertThat(ours.containPackage("dev.tdb.mysql")).isTrue();
        assertThat(ours.containPackage("dev.tdb.control")).isTrue();
        assertThat(ours.containPackage("dev.tdb.admin")).isTrue();
        assertThat(ours.containPackage("dev.tdb.local")).isTrue();
        assertThat(ours.containPackage("dev.tdb.app")).isTrue();
    }

    @Test
    void modulesSeeOnlyWhatLiesBelowThem() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("dev.tdb..")
                .withOptionalLayers(true)
                .layer("core")
                .definedBy(CORE)
                .layer("protocols")
                .definedBy(PROTOCOLS)
                .layer("control plane")
                .definedBy(CONTROL)
                .layer("admin api")
                .definedBy(ADMIN)
                .layer("local servers")
                .definedBy(LOCAL)
                .layer("testkit")
                .definedBy(TESTKIT)
                .layer("app")
                .definedBy(APP)
                .whereLayer("core")
                .mayNotAccessAnyLayer()
                .whereLayer("protocols")
                .mayOnlyAccessLayers("core")
                .whereLayer("control plane")
                .mayOnlyAccessLayers("core")
                .whereLayer("admin api")
                .mayOnlyAccessLayers("control plane", "core")
                .whereLayer("local servers")
                .mayNotAccessAnyLayer()
                .whereLayer("testkit")
                .mayOnlyAccessLayers("core")
                .whereLayer("app")
                .mayNotBeAccessedByAnyLayer()
                .check(ours);
    }

    @Test
    void protocolsNeverSeeEachOther() {
        slices().matching("dev.tdb.(postgres|mysql|mongo|redis)..")
                .should()
                .notDependOnEachOther()
                .allowEmptyShould(true)
                .check(ours);
    }

    @Test
    void packagesOfTheCoreFormNoCycle() {
        slices().matching("dev.tdb.proxy.(*)..")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .check(ours);
    }

    @Test
    void packagesOfAProtocolFormNoCycle() {
        slices().matching("dev.tdb.(postgres|mysql|mongo|redis).(*)..")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .check(ours);
    }

    @Test
    void onlyReadGateOpensAndShutsReading() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.tdb.proxy.relay.ReadGate")
                .should()
                .callMethodWhere(describe(
                        "setAutoRead of a channel",
                        (JavaCall<?> call) -> call.getTarget().getName().equals("setAutoRead")))
                .allowEmptyShould(true)
                .check(ours);
    }

    @Test
    void theDataPathKnowsNoDatabaseDriver() {
        noClasses()
                .that()
                .resideInAnyPackage(CORE, "dev.tdb.postgres..", "dev.tdb.mysql..", "dev.tdb.mongo..", "dev.tdb.redis..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..", "org.postgresql..", "com.zaxxer..")
                .allowEmptyShould(true)
                .check(ours);
    }

    @Test
    void packagesAreNamedAfterWhatTheyHold() {
        classes()
                .should()
                .resideOutsideOfPackages(NAMES_THAT_SAY_NOTHING.stream()
                        .map(name -> ".." + name + "..")
                        .toArray(String[]::new))
                .check(ours);
    }
}
