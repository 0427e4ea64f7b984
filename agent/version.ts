/** The version of the agent, semver. */
export const VERSION = "0.1.0";
