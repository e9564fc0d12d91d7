package dev.tdb.proxy.refusal;

/**
 * What a refusal is called in each protocol. What a code makes drivers do (retry, reconnect, give up) is part of its
 * meaning: see docs/adr/0003-refusal-codes.md.
 *
 * @param sqlState PostgreSQL
 * @param mysqlErrno MySQL
 * @param mysqlState MySQL
 * @param mongoCode MongoDB
 * @param mongoName MongoDB's codeName
 * @param redisPrefix the first word of a Redis error
 */
public record NativeErrors(
        String sqlState, int mysqlErrno, String mysqlState, int mongoCode, String mongoName, String redisPrefix) {

    public static NativeErrors of(Refusal refusal) {
        return switch (refusal) {
            case Refusal.BadCredentials _ -> row("28P01", 1045, "28000", 18, "AuthenticationFailed", "WRONGPASS");
            case Refusal.ScopeDenied _ -> row("42501", 1044, "42000", 13, "Unauthorized", "NOPERM");
            case Refusal.UnknownDatabase _ -> row("3D000", 1049, "42000", 73, "InvalidNamespace", "ERR");
            case Refusal.TlsRequired _ -> row("28000", 3159, "HY000", 13, "Unauthorized", "ERR");
            case Refusal.TooManyConnections _ ->
                row("53300", 1040, "08004", 202, "NetworkInterfaceExceededTimeLimit", "ERR");
            case Refusal.RateLimited _ -> row("53300", 1129, "HY000", 18, "AuthenticationFailed", "ERR");
            case Refusal.Suspended _ -> row("55P03", 1205, "HY000", 262, "ExceededTimeLimit", "TRYAGAIN");
            case Refusal.Provisioning _ -> row("55P03", 1205, "HY000", 262, "ExceededTimeLimit", "TRYAGAIN");
            case Refusal.Deleted _ -> row("3D000", 1049, "42000", 73, "InvalidNamespace", "ERR");
            case Refusal.HoldTimedOut _ -> row("55P03", 1205, "HY000", 262, "ExceededTimeLimit", "TRYAGAIN");
            case Refusal.HoldOverflow _ -> row("55P03", 1205, "HY000", 262, "ExceededTimeLimit", "TRYAGAIN");
            case Refusal.Cancelled _ -> row("57014", 1317, "70100", 11601, "Interrupted", "ERR");
            case Refusal.ServerUnreachable _ -> row("08006", 2003, "HY000", 6, "HostUnreachable", "ERR");
            case Refusal.ServerLost _ -> row("08006", 2013, "HY000", 6, "HostUnreachable", "ERR");
            case Refusal.SessionCannotMove _ -> row("57P01", 1053, "08S01", 91, "ShutdownInProgress", "ERR");
            case Refusal.Terminated _ -> row("57P01", 1053, "08S01", 91, "ShutdownInProgress", "ERR");
            case Refusal.ShuttingDown _ -> row("57P01", 1053, "08S01", 91, "ShutdownInProgress", "ERR");
            case Refusal.CannotDepart _ -> row("55000", 1235, "42000", 115, "CommandNotSupported", "ERR");
            case Refusal.Unsupported _ -> row("0A000", 1235, "42000", 115, "CommandNotSupported", "ERR");
            case Refusal.ProtocolViolated _ -> row("08P01", 1835, "HY000", 17, "ProtocolError", "ERR");
        };
    }

    private static NativeErrors row(
            String sqlState, int mysqlErrno, String mysqlState, int mongoCode, String mongoName, String redisPrefix) {
        return new NativeErrors(sqlState, mysqlErrno, mysqlState, mongoCode, mongoName, redisPrefix);
    }
}
