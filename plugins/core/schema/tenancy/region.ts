import {
  defineList,
  type LongshoreBuilder,
  matchesText,
  registerList,
  stringFilterRef,
  type TypeRef,
  typeRef,
} from 'longshore/sdk';
import { type Region, regionSubject, tenancyServiceRef, type Zone } from '../../api.ts';

export const zoneTypeRef: TypeRef<Zone> = typeRef<Zone>('Zone');

/** Regions that are open, with their zones and deployment units (CORE-02, CORE-04). */
export function registerRegion(builder: LongshoreBuilder): void {
  builder.objectType(zoneTypeRef, {
    description: 'An availability zone of a region.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'Its name, unique in the region.' }),
      deploymentUnits: t.stringList({
        description: 'Deployment units in the zone, to choose one from.',
        resolve: ({ deploymentUnits }) => [...deploymentUnits],
      }),
      fixedDeploymentUnit: t.string({
        nullable: true,
        description:
          'The only deployment unit of the zone: preselected, with no other choice. Null where there are several or none.',
        resolve: ({ deploymentUnits }) => (deploymentUnits.length === 1 ? (deploymentUnits[0] ?? null) : null),
      }),
    }),
  });
  const region = typeRef<Region>('Region');
  builder.objectType(region, {
    description: 'A region in which workspaces can be made; from the settings of the platform.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'Its name, unique.' }),
      displayName: t.exposeString('displayName', { description: 'What people call it.' }),
      zones: t.field({
        type: [zoneTypeRef],
        description: 'Its availability zones.',
        args: { names: t.arg.stringList({ description: 'Only these.' }) },
        resolve: ({ zones }, { names }) => zones.filter(({ name }) => !names || names.includes(name)),
      }),
    }),
  });
  const list = defineList(builder, {
    name: 'Region',
    node: region,
    plural: 'regions',
    filter: (t) => ({ name: t.field({ type: stringFilterRef, description: 'Test of the name.' }) }),
    matches:
      ({ name }) =>
      (row: Region) =>
        matchesText(name, row.name),
    orders: { NAME: { description: 'By name.', value: ({ name }) => name } },
    place: ({ name }) => ({ cluster: '', namespace: '', name }),
  });
  registerList(builder, {
    name: 'regions',
    description: 'Regions that are open. Empty where none are configured: then a workspace may name any.',
    allow: { action: 'READ', subject: regionSubject },
    list,
    rows: (_args, context) => ({ items: context.service(tenancyServiceRef).regions }),
  });
}
