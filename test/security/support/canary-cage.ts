import { randomBytes } from 'node:crypto';

/** Secrets that were planted, and everything that came out: no canary may be in it, however it is written. */
export interface CanaryCage {
  /** A new secret, of characters that need no quoting anywhere. */
  plant(place: string): string;
  /** Remembers a secret that somebody else made. */
  adopt(place: string, secret: string): void;
  /** Text that left the process, with where it left. */
  collect(exit: string, text: string): void;
  /** `place came out at exit: …around it…`, one line for each canary and exit. */
  escaped(): readonly string[];
  readonly planted: number;
  readonly collectedBytes: number;
}

export function createCanaryCage(): CanaryCage {
  const secrets = new Map<string, string>();
  const adopted = new Map<string, string>();
  const outputs = new Map<string, string[]>();
  return {
    plant(place) {
      const secret = `${prefix}${randomBytes(9).toString('hex')}`;
      secrets.set(secret, place);
      return secret;
    },
    adopt(place, secret) {
      adopted.set(secret, place);
    },
    collect(exit, text) {
      const texts = outputs.get(exit);
      if (texts) texts.push(text);
      else outputs.set(exit, [text]);
    },
    escaped() {
      const found: string[] = [];
      for (const [exit, texts] of outputs) {
        const text = texts.join('\n');
        const lower = text.toLowerCase();
        const has = ([form, isCaseless]: readonly [string, boolean]) => (isCaseless ? lower : text).includes(form);
        // All that are planted begin alike: where not even the beginning is, none of them needs to be looked for.
        const suspects = formsOf(prefix).some(has) ? [...secrets, ...adopted] : adopted;
        for (const [secret, place] of suspects) {
          for (const [form, isCaseless] of formsOf(secret)) {
            const at = isCaseless ? lower.indexOf(form) : text.indexOf(form);
            if (at === -1) continue;
            found.push(`${place} came out at ${exit}: …${text.slice(Math.max(0, at - 120), at + form.length + 20)}…`);
            break;
          }
        }
      }
      return found;
    },
    get planted() {
      return secrets.size + adopted.size;
    },
    get collectedBytes() {
      return [...outputs.values()].flat().reduce((sum, text) => sum + text.length, 0);
    },
  };
}

/** Twelve characters, so that its base64 is long enough to be looked for by itself. */
const prefix = 'canarycanary';

/** As it is, base64 at each of the three alignments, hexadecimal, URL-encoded, reversed or as bytes. */
function formsOf(secret: string): readonly (readonly [form: string, isCaseless: boolean])[] {
  const bytes = Buffer.from(secret, 'utf8');
  const aligned = [0, 1, 2].map((shift) => {
    const whole = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    // The first and the last characters depend on what stands around it.
    return whole.slice(Math.ceil((shift * 8) / 6), -4);
  });
  const forms: (readonly [string, boolean])[] = [
    [secret, false],
    [secret.toLowerCase(), true],
    ...aligned.map((form) => [form, false] as const),
    ...aligned.map((form) => [form.replaceAll('+', '-').replaceAll('/', '_'), false] as const),
    [bytes.toString('hex'), true],
    [encodeURIComponent(secret), false],
    [bytes.join(','), false],
  ];
  return forms.filter(([form]) => form.length >= 12);
}
