import { randomInt } from 'node:crypto';

/** Letters and digits that form no words, as the real server draws them. */
const letters = 'bcdfghjklmnpqrstvwxz2456789';

/** What is put behind a generateName. */
export function generatedSuffix(length = 5): string {
  return Array.from({ length }, () => letters[randomInt(letters.length)]).join('');
}
