/** A protocol of lines, its server and its client, to prove the data path without any real protocol. */
package dev.tdb.proxy.toy;
