/** The token of `connection_init`: `authorization: "Bearer …"`, whatever the key's case. Never from the URL. */
export function bearerOfInit(params: Readonly<Record<string, unknown>> | undefined): string | undefined {
  for (const [key, value] of Object.entries(params ?? {})) {
    if (key.toLowerCase() === 'authorization' && typeof value === 'string') return value;
  }
  return undefined;
}
