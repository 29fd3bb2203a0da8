type Labels = Readonly<Record<string, string>>;

/** A `LabelSelector` as objects have it (meta/v1); of text it may lack anything. */
export interface LabelSelectorObject {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

/** In the syntax of `labelSelector`, e.g. `app=vote,tier in (back,front)`; empty selects all. */
export function printLabelSelector(selector: LabelSelectorObject | undefined): string {
  const expressions = (selector?.matchExpressions ?? []).map(({ key, operator, values = [] }) => {
    switch (operator) {
      case 'In':
        return `${key} in (${values.join(',')})`;
      case 'NotIn':
        return `${key} notin (${values.join(',')})`;
      case 'DoesNotExist':
        return `!${key}`;
      default:
        return key;
    }
  });
  return [printLabels(selector?.matchLabels ?? {}), ...expressions].filter((part) => part !== '').join(',');
}

/** Labels that all must be there, in the same syntax. */
export function printLabels(labels: Labels): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

/** Whether labels fulfil all of a selector; an empty one is fulfilled by any, one with an unknown operator by none. */
export function matchesLabelSelector(selector: LabelSelectorObject, labels: Labels | undefined): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector;
  const given = (key: string): string | undefined =>
    labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined;
  if (!Object.entries(matchLabels).every(([key, value]) => given(key) === value)) return false;
  return matchExpressions.every(({ key, operator, values = [] }) => {
    const value = given(key);
    switch (operator) {
      case 'In':
        return value !== undefined && values.includes(value);
      case 'NotIn':
        return value === undefined || !values.includes(value);
      case 'Exists':
        return value !== undefined;
      case 'DoesNotExist':
        return value === undefined;
      default:
        return false;
    }
  });
}
