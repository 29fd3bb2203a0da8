import type { ValidationIssue } from 'longshore/sdk';

const dnsSubdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const qualifiedName = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

/** What is wrong with labels as a form gives them; `path` is where they stand in the input. */
export function checkLabels(
  labels: readonly { readonly key: string; readonly value: string }[],
  path: readonly string[],
): ValidationIssue[] {
  const keys = labels.map(({ key }) => key);
  return labels.flatMap(({ key, value }, index) => {
    const issues: ValidationIssue[] = [];
    const refuse = (field: string, code: string, message: string) =>
      issues.push({ path: [...path, index, field], code, message });
    if (!isLabelKey(key))
      refuse('key', 'invalid_label_key', `${JSON.stringify(key)} is no label key such as example.com/team`);
    if (keys.indexOf(key) !== index) refuse('key', 'duplicate_key', `The label ${JSON.stringify(key)} is given twice`);
    if (value !== '' && !qualifiedName.test(value)) {
      refuse(
        'value',
        'invalid_label_value',
        `${JSON.stringify(value)} is no label value: up to 63 letters, digits, '-', '_' and '.'`,
      );
    }
    return issues;
  });
}

function isLabelKey(key: string): boolean {
  const [first = '', second, ...rest] = key.split('/');
  if (rest.length > 0) return false;
  if (second === undefined) return qualifiedName.test(first);
  return first.length <= 253 && dnsSubdomain.test(first) && qualifiedName.test(second);
}
