import type { SubjectDescriptor } from './subject-facts.ts';

/**
 * The type of a Secret is a fact that rules can ask for: who may read values must be told which ones, since some are
 * keys to the cluster itself (see `harmlessSecretTypes`).
 */
export const secretSubject: SubjectDescriptor<{ readonly type?: unknown }> = {
  subject: 'core/Secret',
  facts: (secret) => ({
    facts: { type: typeof secret.type === 'string' && secret.type !== '' ? secret.type : 'Opaque' },
  }),
};
