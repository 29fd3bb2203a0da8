import { asObjectList, setDefault } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';

const addressTypes = ['FQDN', 'IPv4', 'IPv6'];

export const endpointSlices = defineResource(
  { group: 'discovery.k8s.io', version: 'v1', kind: 'EndpointSlice', plural: 'endpointslices' },
  {
    generation: 'all-but-metadata',
    createsOnUpdate: true,
    setDefaults(draft) {
      for (const port of asObjectList(draft.ports)) {
        setDefault(port, 'name', '');
        setDefault(port, 'protocol', 'TCP');
      }
      draft.endpoints ??= [];
      draft.ports ??= [];
    },
    validate(draft, errors) {
      const type = draft.addressType;
      if (type === undefined || type === '') errors.required('addressType');
      else if (!addressTypes.includes(String(type))) errors.notSupported('addressType', type, addressTypes);
    },
    validateUpdate(draft, current, errors) {
      if (draft.addressType !== current.addressType) {
        errors.invalid('addressType', draft.addressType, 'field is immutable');
      }
    },
  },
);
