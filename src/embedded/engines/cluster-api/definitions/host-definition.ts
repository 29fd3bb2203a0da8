import { defineCrd } from '../../define-crd.ts';
import { hostGroup, hostVersion } from '../groups.ts';
import { ageColumn, column, count, flag, object, oneOf, openObject, text, textMap, time } from './schema-parts.ts';

const states = [
  'unmanaged',
  'registering',
  'preparing',
  'available',
  'provisioning',
  'provisioned',
  'externally provisioned',
  'deprovisioning',
  'inspecting',
  'powering off before delete',
  'deleting',
] as const;
const secretRef = object({ name: text, namespace: text });

/** Machines that are there before any cluster and after it, as Metal³ keeps them; what nothing here reads is left open. */
export const hostDefinition = defineCrd(
  {
    group: hostGroup,
    kind: 'BareMetalHost',
    plural: 'baremetalhosts',
    shortNames: ['bmh', 'bmhost'],
    description: 'BareMetalHost is a machine that is provisioned, cleaned and used again.',
  },
  [
    {
      name: hostVersion,
      spec: object(
        {
          architecture: text,
          automatedCleaningMode: oneOf('metadata', 'disabled'),
          bmc: object({ address: text, credentialsName: text, disableCertificateVerification: flag }),
          bootMACAddress: text,
          consumerRef: object({ apiVersion: text, kind: text, name: text, namespace: text }),
          description: text,
          externallyProvisioned: flag,
          image: openObject,
          online: flag,
          userData: secretRef,
        },
        ['online'],
      ),
      status: object({
        errorCount: count,
        errorMessage: text,
        errorType: text,
        hardware: object({
          cpu: object({ arch: text, count, model: text }),
          hostname: text,
          nics: { type: 'array', items: openObject },
          ramMebibytes: count,
          storage: { type: 'array', items: openObject },
          systemVendor: textMap,
        }),
        lastUpdated: time,
        operationalStatus: oneOf('', 'OK', 'discovered', 'error', 'delayed', 'detached', 'servicing'),
        poweredOn: flag,
        provisioning: object({ ID: text, state: oneOf('', ...states) }),
      }),
      columns: [
        column('Status', '.status.operationalStatus', 'string', 1),
        column('State', '.status.provisioning.state'),
        column('Consumer', '.spec.consumerRef.name'),
        column('Online', '.spec.online'),
        column('Error', '.status.errorType'),
        ageColumn,
      ],
    },
  ],
);
