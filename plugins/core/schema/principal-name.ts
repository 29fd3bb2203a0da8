import { type LongshoreBuilder, type PrincipalName, typeRef } from 'longshore/sdk';

export const principalNameRef = typeRef<PrincipalName>('PrincipalName');

/** Somebody as records and lists name them. */
export function registerPrincipalName(builder: LongshoreBuilder): void {
  builder.objectType(principalNameRef, {
    description: 'Somebody, as they were called then.',
    fields: (t) => ({
      id: t.exposeString('id', {
        description: 'Stable over sessions, unique over all ways of signing in. No global id.',
      }),
      name: t.exposeString('name', { description: 'What records and consoles show.' }),
    }),
  });
}
