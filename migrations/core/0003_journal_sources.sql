CREATE TABLE "journal_seen" (
	"stream" text NOT NULL,
	"source" text NOT NULL,
	"uid" text NOT NULL,
	"version" text NOT NULL,
	"seen_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "journal_seen_stream_source_uid_pk" PRIMARY KEY("stream","source","uid")
);
--> statement-breakpoint
CREATE TABLE "journal_sources" (
	"stream" text NOT NULL,
	"source" text NOT NULL,
	"version" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "journal_sources_stream_source_pk" PRIMARY KEY("stream","source")
);
