/** A Kubernetes word (`ClusterIP`) as a member of a GraphQL enum (`CLUSTER_IP`); `UNKNOWN` for a word not in the table. */
export function enumValue<Name extends string>(
  table: Readonly<Record<string, Name>>,
  raw: string | undefined,
): Name | 'UNKNOWN' {
  if (raw === undefined || !Object.hasOwn(table, raw)) return 'UNKNOWN';
  return table[raw] ?? 'UNKNOWN';
}
