/** A text as a part of a regular expression that stands for itself alone (RE2). */
export const escaped = (text: string): string => text.replaceAll(/[\\.+*?()|[\]{}^$]/g, '\\$&');

/** A Go string, as LogQL and PromQL have them: what JSON escapes, it reads alike. */
export const quoted = (text: string): string => JSON.stringify(text.toWellFormed());
