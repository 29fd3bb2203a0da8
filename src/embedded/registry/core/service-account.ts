import { defineResource } from '../define-resource.ts';

export const serviceAccounts = defineResource(
  {
    group: '',
    version: 'v1',
    kind: 'ServiceAccount',
    plural: 'serviceaccounts',
    shortNames: ['sa'],
    subresources: ['token'],
  },
  { returnsDeleted: true },
);
