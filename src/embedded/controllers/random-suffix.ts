/** Kubernetes' alphabet for generated names: no vowels, so that no words arise, and no look-alikes. */
const safeAlphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** `length` random characters as the API server appends them to `generateName`. */
export function randomSuffix(random: () => number, length = 5): string {
  let text = '';
  for (let index = 0; index < length; index += 1) text += safeAlphabet[Math.floor(random() * safeAlphabet.length)];
  return text;
}

/** Maps any text onto the safe alphabet, character by character. */
export function safeEncode(text: string): string {
  let encoded = '';
  for (const character of text) encoded += safeAlphabet[character.charCodeAt(0) % safeAlphabet.length];
  return encoded;
}

/** A random hexadecimal string, for container ids and digests. */
export function randomHex(random: () => number, length: number): string {
  let text = '';
  for (let index = 0; index < length; index += 1) text += Math.floor(random() * 16).toString(16);
  return text;
}
