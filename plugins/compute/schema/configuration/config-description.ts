import { descriptionAnnotation, secretTypeRef } from 'longshore/plugins/core';
import type { KubeObject, LongshoreBuilder, origin } from 'longshore/sdk';
import { configMapTypeRef } from '../../api.ts';

const description = 'What it is for, as its form keeps it; null where nobody said.';

/** What the forms keep of a ConfigMap or Secret beside its values (CMP-95). */
export function registerConfigDescription(builder: LongshoreBuilder): void {
  builder.objectField(configMapTypeRef, 'description', (t) =>
    t.string({ nullable: true, description, resolve: descriptionOf }),
  );
  builder.objectField(secretTypeRef, 'description', (t) =>
    t.string({ nullable: true, description, resolve: descriptionOf }),
  );
}

const descriptionOf = ({ metadata }: Pick<KubeObject, 'metadata' | typeof origin>): string | null =>
  metadata.annotations?.[descriptionAnnotation] ?? null;
