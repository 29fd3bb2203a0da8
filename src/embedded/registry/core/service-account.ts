import { defineResource } from '../define-resource.ts';
import { kubernetesShape } from '../kubernetes-shapes.ts';

export const serviceAccounts = defineResource(
  {
    group: '',
    version: 'v1',
    kind: 'ServiceAccount',
    plural: 'serviceaccounts',
    shortNames: ['sa'],
    subresources: ['token'],
  },
  { shape: kubernetesShape('ServiceAccount'), returnsDeleted: true },
);
