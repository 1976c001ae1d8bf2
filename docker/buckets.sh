#!/bin/sh
# Makes the two buckets, lets anybody read single files of the public one, and gives Atelier a user of its own that
# reaches these two buckets alone. Runs once at every start in MinIO's client image, which has a shell and little else.
set -eu

case "$MINIO_ROOT_PASSWORD$S3_ACCESS_KEY$S3_SECRET_KEY" in
*replace-me*) echo "MINIO_ROOT_PASSWORD, S3_ACCESS_KEY and S3_SECRET_KEY are still those of the example" >&2; exit 1 ;;
esac

mc alias set store "$STORE_URL" "$MINIO_ROOT_USER" "$MINIO_ROOT_PASSWORD" >/dev/null
mc mb --ignore-existing "store/$S3_PRIVATE_BUCKET"
mc mb --ignore-existing "store/$S3_PUBLIC_BUCKET"

# GetObject and no more: `mc anonymous set download` would also let anybody list the bucket.
printf '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": ["*"]},
  "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::%s/*"]}]}' "$S3_PUBLIC_BUCKET" >/tmp/public.json
mc anonymous set-json /tmp/public.json "store/$S3_PUBLIC_BUCKET"
mc anonymous set none "store/$S3_PRIVATE_BUCKET"

printf '{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetBucketLocation"],
   "Resource": ["arn:aws:s3:::%s", "arn:aws:s3:::%s"]},
  {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
   "Resource": ["arn:aws:s3:::%s/*", "arn:aws:s3:::%s/*"]}]}' \
  "$S3_PRIVATE_BUCKET" "$S3_PUBLIC_BUCKET" "$S3_PRIVATE_BUCKET" "$S3_PUBLIC_BUCKET" >/tmp/atelier.json
mc admin policy create store atelier-files /tmp/atelier.json
mc admin user add store "$S3_ACCESS_KEY" "$S3_SECRET_KEY"
# Attaching what is attached already is an error to mc.
case "$(mc admin user info store "$S3_ACCESS_KEY")" in
*atelier-files*) ;;
*) mc admin policy attach store atelier-files --user "$S3_ACCESS_KEY" ;;
esac
