import type { LongshoreBuilder } from 'longshore/sdk';

/** An input that says which image a container gets; refer to it by name. */
export function registerContainerImageInput(builder: LongshoreBuilder): void {
  builder.inputType('ContainerImageInput', {
    description: 'Another image for a container.',
    fields: (t) => ({
      container: t.string({ description: 'Name of the container; may be left out where there is only one.' }),
      image: t.string({ required: true, description: 'The image, with its tag or digest.' }),
    }),
  });
}
