// biome-ignore lint/suspicious/noExplicitAny: cases look into plain JSON
export type Json = any;
