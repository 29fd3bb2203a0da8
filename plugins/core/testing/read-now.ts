import { type Manifests, readingOf } from '../services/manifest/read-manifests.ts';

/** A text read in one go, for tests of what is read. */
export function readNow(text: string): Manifests {
  const reading = readingOf(text);
  for (;;) {
    const step = reading.next();
    if (step.done) return step.value;
  }
}
