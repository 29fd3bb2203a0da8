import { Optional } from '@marcbachmann/cel-js';
import { type Library, registerAll } from './library.ts';

class Formats {}

class Format {
  readonly isValid: (text: string) => boolean;
  readonly words: string;
  constructor(isValid: (text: string) => boolean, words: string) {
    this.isValid = isValid;
    this.words = words;
  }
}

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const word = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const formats: Readonly<Record<string, Format>> = {
  dns1123Label: pattern(label, 63, 'a lowercase RFC 1123 label'),
  dns1123LabelPrefix: pattern(`${label}-?`, 63, 'a prefix of a lowercase RFC 1123 label'),
  dns1123Subdomain: pattern(`${label}(\\.${label})*`, 253, 'a lowercase RFC 1123 subdomain'),
  dns1123SubdomainPrefix: pattern(`${label}(\\.${label})*[.-]?`, 253, 'a prefix of a lowercase RFC 1123 subdomain'),
  dns1035Label: pattern('[a-z]([-a-z0-9]*[a-z0-9])?', 63, 'a DNS-1035 label'),
  dns1035LabelPrefix: pattern('[a-z]([-a-z0-9]*[a-z0-9])?-?', 63, 'a prefix of a DNS-1035 label'),
  qualifiedName: pattern(`(${label}(\\.${label})*/)?${word}`, 317, 'a qualified name'),
  labelValue: pattern(`(${word})?`, 63, 'a valid label value'),
  uri: new Format((text) => text.startsWith('/') || URL.canParse(text), 'must be a valid URI'),
  uuid: pattern('[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}', 36, 'a valid UUID'),
  byte: pattern(
    '(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?',
    Number.POSITIVE_INFINITY,
    'valid base64',
  ),
  date: pattern('\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])', 10, 'a valid date'),
  datetime: new Format(
    (text) => /^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(Date.parse(text)),
    'must be a valid datetime',
  ),
};

/** `format.dns1123Label().validate(text)`: what is wrong with a text, or an empty optional. */
export const formatLibrary: Library = (environment) => {
  environment.registerType('kubernetes.Formats', Formats);
  environment.registerType('kubernetes.NamedFormat', Format);
  environment.registerConstant('format', 'kubernetes.Formats', new Formats());
  registerAll(environment, {
    ...Object.fromEntries(
      Object.entries(formats).map(([name, format]) => [
        `kubernetes.Formats.${name}(): kubernetes.NamedFormat`,
        () => format,
      ]),
    ),
    'kubernetes.NamedFormat.validate(string): optional<list<string>>': ({ isValid, words }: Format, text: string) =>
      isValid(text) ? Optional.none() : Optional.of([words]),
  });
  // Accepted, and never so: an optional is no null, whether something is in it or not.
  environment.registerOperator('optional<list<string>> == null', () => false);
};

function pattern(source: string, maxLength: number, name: string): Format {
  const whole = new RegExp(`^(?:${source})$`);
  return new Format((text) => text.length <= maxLength && whole.test(text), `must be ${name}`);
}
