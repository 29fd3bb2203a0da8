import { asObject } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import { leaseTable } from '../tables/lease-table.ts';

export const leases = defineResource(
  { group: 'coordination.k8s.io', version: 'v1', kind: 'Lease', plural: 'leases' },
  {
    table: leaseTable,
    createsOnUpdate: true,
    needsResourceVersion: true,
    validate(draft, errors) {
      const { leaseDurationSeconds, leaseTransitions } = asObject(draft.spec) ?? {};
      if (typeof leaseDurationSeconds === 'number' && leaseDurationSeconds <= 0) {
        errors.invalid('spec.leaseDurationSeconds', leaseDurationSeconds, 'must be greater than 0');
      }
      if (typeof leaseTransitions === 'number' && leaseTransitions < 0) {
        errors.invalid('spec.leaseTransitions', leaseTransitions, 'must be greater than or equal to 0');
      }
    },
  },
);
