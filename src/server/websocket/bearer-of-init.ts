/** The token of `connection_init`: `authorization: "Bearer …"`, whatever the key's case. Never from the URL. */
export function bearerOfInit(params: Readonly<Record<string, unknown>> | undefined): string | undefined {
  for (const [key, value] of Object.entries(params ?? {})) {
    if (isTheKey(key) && typeof value === 'string') return value;
  }
  return undefined;
}

/** The same of a `ping`, taken out of it: the library answers with what it was sent. */
export function takeBearerOfPing(payload: Record<string, unknown> | undefined): string | undefined {
  const bearer = bearerOfInit(payload);
  for (const key of Object.keys(payload ?? {})) if (payload && isTheKey(key)) delete payload[key];
  return bearer;
}

const isTheKey = (key: string): boolean => key.toLowerCase() === 'authorization';
