CREATE TABLE "compute_cluster_features" (
	"cluster" text PRIMARY KEY NOT NULL,
	"registration" text NOT NULL,
	"mesh" boolean,
	"logs" boolean,
	"version" integer NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL,
	"changed_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
