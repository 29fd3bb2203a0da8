/** WebSocket close codes of the schema conventions; 4400, 4408 and 4429 come from graphql-ws itself. */
export const closeCodes = {
  /** Planned drain, or nobody can tell whether the token is good: connect again. */
  comeBack: 1012,
  slowReader: 1013,
  unauthenticated: 4401,
  /** The token expired or the caller's rights changed: connect again with what is valid now. */
  rightsChanged: 4403,
  tooMany: 4429,
} as const;
