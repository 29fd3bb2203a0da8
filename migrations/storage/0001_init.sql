CREATE TABLE "storage_file_browser_uses" (
	"pod_uid" text PRIMARY KEY NOT NULL,
	"used_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
