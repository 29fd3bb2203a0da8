/**
 * Of an address only where it is, for who may not change the policy and for records: path and query of a webhook are often all
 * that somebody needs to write there.
 */
export function webhookOrigin(url: string): string {
  return URL.parse(url)?.origin ?? '';
}
