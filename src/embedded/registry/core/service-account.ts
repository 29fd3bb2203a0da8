import { defineResource } from '../define-resource.ts';
import { warnOfMountableSecrets } from '../pod-spec/limit-secret-references.ts';

export const serviceAccounts = defineResource(
  {
    group: '',
    version: 'v1',
    kind: 'ServiceAccount',
    plural: 'serviceaccounts',
    shortNames: ['sa'],
    subresources: ['token'],
  },
  {
    returnsDeleted: true,
    warningsOf(draft, current) {
      const before = warnOfMountableSecrets(current?.metadata.annotations);
      return before.length > 0 ? [] : warnOfMountableSecrets(draft.metadata.annotations);
    },
  },
);
