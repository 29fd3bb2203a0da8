import { asObjectList, setDefault } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';

export const endpoints = defineResource(
  { group: '', version: 'v1', kind: 'Endpoints', plural: 'endpoints', shortNames: ['ep'] },
  {
    createsOnUpdate: true,
    setDefaults(draft) {
      for (const subset of asObjectList(draft.subsets)) {
        for (const port of asObjectList(subset.ports)) setDefault(port, 'protocol', 'TCP');
      }
    },
  },
);
