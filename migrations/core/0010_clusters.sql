CREATE TABLE "core_clusters" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"server" text,
	"sealed_kubeconfig" text,
	"identity" text NOT NULL,
	"profile" text,
	"namespaces" jsonb NOT NULL,
	"description" text NOT NULL,
	"registered_by" text NOT NULL,
	"registered_by_name" text NOT NULL,
	"version" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "core_clusters_name" UNIQUE("name")
);
