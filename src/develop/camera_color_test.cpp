#include "develop/camera_color.h"

#include <gtest/gtest.h>
