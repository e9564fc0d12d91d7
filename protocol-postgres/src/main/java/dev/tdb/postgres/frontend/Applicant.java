package dev.tdb.postgres.frontend;

/** A client that has said who it is and has yet to prove it. */
record Applicant(SessionRequest request, Candidates candidates) {}
