import { isIP, isIPv6 } from 'node:net';

const shortName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const longName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const hostname =
  /^([a-zA-Z0-9\p{S}\p{L}]((-?[a-zA-Z0-9\p{S}\p{L}]{0,62})?)|([a-zA-Z0-9\p{S}\p{L}](([a-zA-Z0-9\-\p{S}\p{L}]{0,61}[a-zA-Z0-9\p{S}\p{L}])?)(\.)){1,}([a-zA-Z\p{L}]){2,63})$/u;
const card =
  /^(?:4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}|6(?:011|5[0-9][0-9])[0-9]{12}|3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11}|(?:2131|1800|35\d{3})\d{11})$/;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/;
const octets = /^([0-9a-f]{2}([:-]))([0-9a-f]{2}\2)*[0-9a-f]{2}$|^([0-9a-f]{4}\.)+[0-9a-f]{4}$/i;
const goDuration = /^[-+]?(\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))*$/;
const wordyDuration =
  /^[-+]?\s*\d+\s*(ns|nano|us|µs|micro|ms|milli|s|sec|m|min|h|hr|hour|d|day|w|wk|week)(s|sec|second|seconds|nd|nds|min|ute|utes|r|rs)?\s*$/i;
const dateTime =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])t([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(z|[+-]\d{2}:\d{2})?$/i;
const rgb =
  /^rgb\(\s*(0|[1-9]\d?|1\d\d?|2[0-4]\d|25[0-5])\s*,\s*(0|[1-9]\d?|1\d\d?|2[0-4]\d|25[0-5])\s*,\s*(0|[1-9]\d?|1\d\d?|2[0-4]\d|25[0-5])\s*\)$/;

/** The formats a schema's strings are checked for; the same names with or without dashes. */
const formats: Readonly<Record<string, (value: string) => boolean>> = {
  bsonobjectid: (value) => /^[0-9a-f]{24}$/i.test(value),
  uri: isRequestUri,
  email: isEmail,
  hostname: (value) =>
    hostname.test(value) && value.length <= 255 && value.split('.').every((part) => Buffer.byteLength(part) <= 63),
  ipv4: (value) => value.includes('.') && isSloppyIp(value),
  ipv6: (value) => value.includes(':') && isIPv6(value) && !value.includes('%'),
  cidr: isCidr,
  mac: (value) => octets.test(value) && [6, 8, 20].includes(value.replace(/[^0-9a-f]/gi, '').length / 2),
  uuid: (value) => /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i.test(value),
  uuid3: (value) => /^[0-9a-f]{8}-?[0-9a-f]{4}-?3[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i.test(value),
  uuid4: (value) => /^[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$/i.test(value),
  uuid5: (value) => /^[0-9a-f]{8}-?[0-9a-f]{4}-?5[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$/i.test(value),
  isbn: (value) => isIsbn10(value) || isIsbn13(value),
  isbn10: isIsbn10,
  isbn13: isIsbn13,
  creditcard: (value) => card.test(value.replace(/\D/g, '')) && hasLuhnSum(value.replace(/\D/g, '')),
  ssn: (value) => value.length === 11 && /^\d{3}[- ]?\d{2}[- ]?\d{4}$/.test(value),
  hexcolor: (value) => /^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/.test(value),
  rgbcolor: (value) => rgb.test(value),
  byte: (value) => base64.test(value),
  password: () => true,
  date: isDate,
  duration: (value) => value === '0' || goDuration.test(value) || wordyDuration.test(value),
  datetime: (value) => value !== '' && dateTime.test(value),
  k8sshortname: (value) => value.length <= 63 && shortName.test(value),
  k8slongname: (value) => value.length <= 253 && longName.test(value),
};

/** The check of a format; undefined for one that is not checked. */
export function stringFormat(name: string): ((value: string) => boolean) | undefined {
  const normalized = name.replaceAll('-', '');
  return Object.hasOwn(formats, normalized) ? formats[normalized] : undefined;
}

function isRequestUri(value: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what no URI may hold
  if (value === '' || /[\x00-\x1f\x7f]/.test(value) || /%(?![0-9a-f]{2})/i.test(value)) return false;
  const [, scheme, rest = value] = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(value) ?? [];
  if (scheme === undefined) return value.startsWith('/') || value === '*';
  if (!rest.startsWith('/')) return rest !== '';
  if (!rest.startsWith('//')) return true;
  const authority = rest.slice(2).split(/[/?#]/, 1)[0] ?? '';
  return /^([^\s@]*@)?(\[[0-9a-f:.%]+\]|[^\s:<>"]*)(:\d*)?$/i.test(authority);
}

function isEmail(value: string): boolean {
  const [, bracketed] = /^[^<>]*<([^<>]+)>\s*$/.exec(value) ?? [];
  const address = (bracketed ?? value).trim();
  return (
    /^("([^"\\]|\\.)+"|[^\s@"(),:;<>[\\\]]+)@([^\s@"(),:;<>[\\\]]+|\[[^\]\s]+\])$/u.test(address) &&
    !/(^\.|\.\.|\.@|@\.|\.$)/.test(address)
  );
}

/** Leading zeros are tolerated, as old Go did. */
function isSloppyIp(value: string): boolean {
  return isIP(value.replace(/(^|[.:])0+(?=\d)/g, '$1')) !== 0 && !value.includes('%');
}

function isCidr(value: string): boolean {
  const [address = '', bits = '', ...more] = value.split('/');
  if (more.length > 0 || !/^\d{1,3}$/.test(bits) || !isSloppyIp(address)) return false;
  return Number(bits) <= (address.includes(':') ? 128 : 32);
}

function isDate(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const date = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
}

function isIsbn10(value: string): boolean {
  const digits = value.replace(/[\s-]+/g, '');
  if (!/^(?:\d{9}X|\d{10})$/.test(digits)) return false;
  return [...digits].reduce((sum, digit, at) => sum + (10 - at) * (digit === 'X' ? 10 : Number(digit)), 0) % 11 === 0;
}

function isIsbn13(value: string): boolean {
  const digits = value.replace(/[\s-]+/g, '');
  return (
    /^\d{13}$/.test(digits) &&
    [...digits].reduce((sum, digit, at) => sum + (at % 2 === 0 ? 1 : 3) * Number(digit), 0) % 10 === 0
  );
}

function hasLuhnSum(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, at) => {
    const value = Number(digit) * (at % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
