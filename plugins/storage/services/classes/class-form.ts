import type { Profile } from 'longshore/sdk';
import { type ClassForm, storageClassForms } from '../../profile-keys/classes.ts';

interface Told {
  readonly provisioner?: string | null | undefined;
  readonly parameters?: Readonly<Record<string, string>> | null | undefined;
}

/** The sort of storage of the profile that a class is of; undefined where nobody knows its parameters (STO-02). */
export function formOf({ provisioner, parameters }: Told, profile: Profile): ClassForm | undefined {
  return profile
    .get(storageClassForms)
    .find(
      (form) =>
        form.provisioner === provisioner &&
        Object.entries(form.toldBy).every(([name, value]) => parameters?.[name] === value),
    );
}
