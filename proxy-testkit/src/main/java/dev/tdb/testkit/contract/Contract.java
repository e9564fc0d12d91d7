package dev.tdb.testkit.contract;

import dev.tdb.proxy.listen.NodeConfig;

/** What a protocol's test supplies so that the contracts can be run on it. */
public interface Contract {
    Dialect dialect();

    /** Where the tenants are at first. */
    Site oldSite();

    Site newSite();

    /** A new rig, for the test to close. */
    default Rig rig() {
        return rig(Rig.config());
    }

    default Rig rig(NodeConfig config) {
        return Rig.start(dialect(), oldSite(), newSite(), config);
    }
}
