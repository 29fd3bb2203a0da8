/** Whether some host is covered by both: a wildcard stands for one or more labels, nothing for every host. */
export function hostnamesMeet(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || one === '' || other === undefined || other === '') return true;
  if (!one.startsWith('*.')) return other.startsWith('*.') ? isBelow(one, other) : one === other;
  if (!other.startsWith('*.')) return isBelow(other, one);
  return one === other || one.endsWith(other.slice(1)) || other.endsWith(one.slice(1));
}

function isBelow(host: string, wildcard: string): boolean {
  return host.length > wildcard.length - 1 && host.endsWith(wildcard.slice(1));
}
