type Labels = Readonly<Record<string, string>>;

/** Whether these labels have every pair of an equality selector; an empty selector of a Service selects nothing. */
export function isSelectedBy(selector: Labels | undefined, labels: Labels | undefined): boolean {
  const pairs = Object.entries(selector ?? {});
  return pairs.length > 0 && pairs.every(([key, value]) => labels?.[key] === value);
}
