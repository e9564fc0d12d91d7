package dev.tdb.control.deployment;

/** A deployment as one tenant remembers it. */
public record AppliedDeployment(Deployment deployment, DeploymentResult result) {}
