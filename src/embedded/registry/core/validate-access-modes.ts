import type { FieldErrors } from '../validation/field-errors.ts';

const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];

export const volumeModes = ['Block', 'Filesystem'];

/** `spec.accessModes` of a volume or a claim: known ones, and that for a single pod alone. */
export function validateAccessModes(modes: readonly unknown[], errors: FieldErrors): void {
  for (const mode of modes) errors.oneOf('spec.accessModes', mode, accessModes);
  const others = modes.filter((mode) => mode !== 'ReadWriteOncePod' && accessModes.includes(String(mode)));
  if (others.length > 0 && modes.includes('ReadWriteOncePod')) {
    errors.forbidden('spec.accessModes', 'may not use ReadWriteOncePod with other access modes');
  }
}
